"""Speed, side by side: ``python -m tests.bench [name …]``. CPU time, medians of five, interleaved."""
