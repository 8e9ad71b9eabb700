"""The printed page of a stream: its pictures as places on paper, and the templates that write them as HTML and SVG."""
