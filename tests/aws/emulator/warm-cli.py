"""The AWS CLI, loaded once: most of what a command of it costs is its start, and these tests call hundreds.

`warm-cli.py SOCKET` waits there, and carries out each command in a fork of itself. `aws` beside it (see support/warm-cli.ts) hands
over a command line with the environment, the folder and the three streams that it was called with. What runs is the CLI's own code.
"""
import marshal
import os
import signal
import socket
import sys

from awscli.clidriver import create_clidriver

SERVICES = ("cloudformation", "cloudfront", "dynamodb", "iam", "lambda", "s3", "secretsmanager", "sqs", "ssm", "sts")


def load():
    driver = create_clidriver()
    driver._get_command_table()
    loader = driver.session.get_component("data_loader")
    for service in SERVICES:
        for kind in ("service-2", "paginators-1", "endpoint-rule-set-1"):
            try:
                loader.load_service_model(service, kind)
            except Exception:  # Not every service has each.
                pass
    loader.load_data_with_path("endpoints")
    return driver


def carry_out(driver, connection):
    _byte, streams, _flags, _address = socket.recv_fds(connection, 1, 3)
    told = b""
    while part := connection.recv(65_536):
        told += part
    arguments, variables, folder = marshal.loads(told)
    for target, stream in enumerate(streams):
        os.dup2(stream, target)
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    try:
        code = driver.main(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(bytes([code & 255]))


def serve(path):
    driver = load()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(64)
    # Nobody asks how a fork ended: it has told that itself.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    while True:
        connection, _address = listening.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listening.close()
            try:
                carry_out(driver, connection)
            finally:
                os._exit(0)
        connection.close()


if __name__ == "__main__":
    serve(sys.argv[1])
