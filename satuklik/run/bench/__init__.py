"""The benchmarks, one file for each room: `measure(progress)` gives its measures."""
