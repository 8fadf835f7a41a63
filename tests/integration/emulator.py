"""`python -m tests.integration.emulator -p PORT`: moto's proxy, which answers for every AWS host name, gaps mended."""

from moto.proxy import main

from tests.integration.gaps import mend_all

if __name__ == "__main__":
    mend_all()
    main()
