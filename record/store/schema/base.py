"""What all tables are declared in."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, TypeDecorator
from sqlalchemy.engine import Dialect

from record.values.actors import Actor, read_actor
from record.values.address import Address, address

metadata = MetaData()
# SQLite numbers rows by itself only where the key is called an INTEGER
BigId = BigInteger().with_variant(Integer, "sqlite")


def numbered(name: str = "id") -> Column[int]:
    """Return the column by which a table numbers its rows itself."""
    return Column(name, BigId, primary_key=True, autoincrement=True)


class ActorText(TypeDecorator[Actor]):
    """Who did something: a text in the store, an actor everywhere else."""

    impl = String
    cache_ok = True

    def process_bind_param(
        self,
        value: Actor | None,
        dialect: Dialect,  # noqa: ARG002  the signature is SQLAlchemy's
    ) -> str | None:
        """Return what the column keeps."""
        return None if value is None else str(value)

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002  the signature is SQLAlchemy's
    ) -> Actor | None:
        """Return the actor that the column keeps."""
        return None if value is None else read_actor(value)


class AddressText(TypeDecorator[Address]):
    """An address as text: one column, so that no query forgets the channel."""

    impl = String
    cache_ok = True

    def process_bind_param(
        self,
        value: Address | None,
        dialect: Dialect,  # noqa: ARG002  the signature is SQLAlchemy's
    ) -> str | None:
        """Return what the column keeps."""
        return None if value is None else str(value)

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002  the signature is SQLAlchemy's
    ) -> Address | None:
        """Return the address that the column keeps."""
        return None if value is None else address(value)
