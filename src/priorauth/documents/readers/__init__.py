"""One module a kind of file: bytes in, pages out. They run in a process apart: :mod:`priorauth.documents.apart`."""
