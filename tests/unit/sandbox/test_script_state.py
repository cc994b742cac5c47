"""One program after another in the same jail: nothing of one is there for the next."""

import pytest
import pytest_asyncio
from jails import printed, ran, started_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox():
    async with started_sandbox() as made:
        yield made


@pytest.mark.parametrize(
    ("leave", "look"),
    [
        ("import builtins\nbuiltins.left = 1", "import builtins\nprint(hasattr(builtins, 'left'))"),
        ("import sys\nsys.modules['left'] = sys", "import sys\nprint('left' in sys.modules)"),
        ("import math\nmath.pi = 3", "import math\nprint(math.pi == 3)"),
        ("open('/tmp/left', 'w').close()", "import os\nprint(os.path.exists('/tmp/left'))"),
        ("open('/dev/shm/left', 'w').close()", "import os\nprint(os.path.exists('/dev/shm/left'))"),
        ("import os\nos.environ['LEFT'] = '1'", "import os\nprint('LEFT' in os.environ)"),
        ("import random\nrandom.seed(1)", None),
        ("import os\nos.mkfifo('/tmp/left')", "import os\nprint(os.listdir('/tmp') != [])"),
        (
            "import sys\nsys.setrecursionlimit(77)",
            "import sys\nprint(sys.getrecursionlimit() == 77)",
        ),
        (
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)",
            "import os\nprint(len([p for p in os.listdir('/proc') if p.isdecimal()]) > 2)",
        ),
        (
            "import decimal\ndecimal.getcontext().prec = 3",
            "import decimal\nprint(decimal.getcontext().prec == 3)",
        ),
        ("import os\nos.umask(0o77)", "import os\nprint(os.umask(0) == 0o77)"),
        ("import os\nos.nice(5)", "import os\nprint(os.nice(0) == 5)"),
    ],
)
async def test_no_program_finds_what_another_one_left(sandbox, leave, look):
    await ran(sandbox, leave)
    if look is not None:
        assert await printed(sandbox, look) == "False\n"


async def test_random_numbers_are_not_the_same_in_every_program(sandbox):
    """A warm generator forked again and again would give every program the same numbers."""
    program = "import random, uuid\nprint(random.random(), uuid.uuid4())"
    assert len({await printed(sandbox, program) for _ in range(5)}) == 5


async def test_hashes_are_the_same_in_every_program(sandbox):
    """Sets of texts come in the same order, so a verdict does not depend on chance."""
    program = "print(hash('some text'), list({'a', 'b', 'c', 'd', 'e'}))"
    assert len({await printed(sandbox, program) for _ in range(3)}) == 1
