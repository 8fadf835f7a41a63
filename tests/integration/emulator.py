"""`python -m tests.integration.emulator -p PORT`: moto's proxy, which answers for every AWS host name, gaps mended."""

import os

if __name__ == "__main__":
    # AWS's own IAM policies are there in every account; moto reads this when it is imported.
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

    from moto.proxy import main

    from tests.integration.gaps import mend_all

    mend_all()
    main()
