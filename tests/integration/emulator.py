"""`python -m tests.integration.emulator -p PORT`: moto's proxy, which answers for every AWS host name, gaps mended."""

import os

from moto.proxy import main

from tests.integration.gaps import mend_all

if __name__ == "__main__":
    # Roles of instances have policies that AWS makes; moto knows them only when asked.
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    mend_all()
    main()
