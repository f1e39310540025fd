"""From bytes to text: PDF and HTML, read in child processes that can be killed."""
