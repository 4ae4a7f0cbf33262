"""`python3 -m deploy.docker.secrets` writes what is missing into `.env` for docker-compose.yml.

The keys need a library: the Python environment is made first where it is missing.
"""

import sys

from deploy.local import venv

if __name__ == "__main__":
    raise SystemExit(venv.enter("deploy.docker.variables", sys.argv[1:]))
