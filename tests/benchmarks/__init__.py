"""What is claimed of speed, as commands: `make bench`. Never a test: machines are noisy."""
