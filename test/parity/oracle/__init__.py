"""The PyTorch oracle of a florigen training step, written from docs/step.md alone."""
