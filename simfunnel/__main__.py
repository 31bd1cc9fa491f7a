"""`python -m simfunnel` is the command `simfunnel`."""

from simfunnel.cli import main

if __name__ == "__main__":
    main()
