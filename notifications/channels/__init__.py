"""The channels: how a message reaches a party. They know no database."""
