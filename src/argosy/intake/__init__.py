"""Export files into facts: recognise by header, map, keep bad rows with reasons."""
