"""The file formats that clinics attach, one module each: what is recognised by content, and what its rows mean."""
