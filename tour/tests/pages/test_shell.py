"""The shell of a session: one for all its commands, and its servers and children end with it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tour.pages import shell as shell_module
from tour.pages.console import Command
from tour.pages.sandboxes import Sandbox
from tour.pages.shell import CommandError
from tour.pages.shell import Shell
from tour.system.address import port_is_taken

# says its port and its variable, and serves until it is ended
SERVER = """\
import http.server
import os
import sys

print("serving")
port = int(sys.argv[sys.argv.index("-p") + 1] if "-p" in sys.argv else os.environ["PORT"])


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{port} {os.environ.get('COLOUR')} {' '.join(sys.argv[1:])}.\\n".encode())


http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""

ASK = "python -c \"import urllib.request as r; print(r.urlopen('http://127.0.0.1:{}').read())\""


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """A folder with a server, and the environment of the tests."""
    folder = tmp_path / "flack"
    folder.mkdir()
    folder.joinpath("serve.py").write_text(SERVER)
    variables = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
    }
    return Sandbox(folder, variables, [(str(tmp_path), "/home/you")])


@pytest.fixture
def shell(sandbox: Sandbox) -> Iterator[Shell]:
    with Shell(sandbox) as opened:
        yield opened


def type_in(shell: Shell, text: str) -> list[str]:
    return shell.run(Command(text, 0, 0, 0))


def test_a_command_goes_on_where_the_one_before_was(shell: Shell) -> None:
    type_in(shell, "mkdir inner; cd inner; name=value; export OTHER=one")
    assert type_in(shell, 'echo $name; sh -c "echo \\$OTHER"; pwd') == [
        "value",
        "one",
        "/home/you/flack/inner",
    ]


def test_the_code_of_the_command_before_is_known(shell: Shell) -> None:
    type_in(shell, "sh -c 'exit 7'")
    assert type_in(shell, "echo $?") == ["7"]
    assert type_in(shell, "echo $?") == ["0"]


def test_both_outputs_come_in_their_order(shell: Shell) -> None:
    program = "import sys; print(1); print(2, file=sys.stderr); print(3); sys.exit('4')"
    assert type_in(shell, f'python -c "{program}"') == ["1", "2", "3", "4"]


def test_a_command_has_no_input(shell: Shell) -> None:
    assert type_in(shell, "cat; echo end") == ["end"]
    assert type_in(shell, "echo next") == ["next"]


def test_a_command_may_go_over_several_lines(shell: Shell) -> None:
    assert type_in(shell, "echo one \\\ntwo") == ["one two"]


def test_an_unknown_command_is_told_as_sh_does(shell: Shell) -> None:
    [line] = type_in(shell, "nothing-of-that-name")
    assert line.startswith("sh: ")
    assert "not found" in line


def test_what_is_written_over_is_not_seen(shell: Shell) -> None:
    assert type_in(shell, r"printf '10 %%\r20 %%\ndone\r\n'") == ["20 %", "done"]


def test_a_command_over_its_time_is_a_failure_and_ends_with_its_children(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell_module, "LIMIT", 0.3)
    os.mkfifo(sandbox.folder / "pipe")
    reader = os.open(sandbox.folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with Shell(sandbox) as shell, pytest.raises(CommandError, match="did not end"):
        type_in(shell, "sleep 600 >pipe & sleep 600")
    # it ends when the last process that could write to it has ended, and not before
    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_a_command_that_ends_the_shell_is_a_failure(shell: Shell) -> None:
    with pytest.raises(CommandError, match="ended the shell"):
        type_in(shell, "exit")


def test_a_server_answers_on_the_port_that_pages_have(shell: Shell) -> None:
    assert type_in(shell, "python serve.py &") == []
    assert type_in(shell, ASK.format(5000)) == [r"b'5000 None .\n'"]


def test_a_second_server_has_the_other_port(shell: Shell) -> None:
    type_in(shell, "python serve.py &")
    type_in(shell, "PORT=5001 python serve.py &")
    assert type_in(shell, ASK.format(5001)) == [r"b'5001 None .\n'"]
    assert type_in(shell, ASK.format(5000)) == [r"b'5000 None .\n'"]


def test_runserver_gets_the_port_as_an_option(shell: Shell) -> None:
    type_in(shell, "python serve.py runserver &")
    assert type_in(shell, ASK.format(5000)) == [r"b'5000 None runserver -p 5000.\n'"]


def test_a_server_has_the_directory_and_the_variables_of_its_shell(shell: Shell) -> None:
    type_in(shell, "mkdir inner; cd inner; export COLOUR=red")
    type_in(shell, "python ../serve.py &")
    assert type_in(shell, ASK.format(5000)) == [r"b'5000 red .\n'"]


def test_servers_end_when_they_are_told_to(shell: Shell) -> None:
    type_in(shell, "python serve.py &")
    shell.stop_servers()
    assert not port_is_taken(int(shell.ports["5000"]))
    type_in(shell, "python serve.py &")
    assert type_in(shell, ASK.format(5000)) == [r"b'5000 None .\n'"]


def test_a_server_ends_with_its_shell(sandbox: Sandbox) -> None:
    with Shell(sandbox) as shell:
        type_in(shell, "python serve.py &")
    assert not port_is_taken(int(shell.ports["5000"]))


def test_a_server_that_ends_is_a_failure_with_its_last_line(shell: Shell) -> None:
    with pytest.raises(CommandError, match="its last line: no"):
        type_in(shell, "python -c 'import sys; sys.exit(\"no\")' &")
