// Owns the precompiled <torch/torch.h> that every other target reuses; it has no code of its own.
