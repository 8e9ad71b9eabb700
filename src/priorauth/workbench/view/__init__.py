"""What the pages show, as frozen structs without HTML: of a determination, a case, its clocks, a list."""
