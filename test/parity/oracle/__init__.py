"""The PyTorch oracle of a florigen training step, written from docs/step.md, features-step.md and encoder-step.md alone."""
