"""An instrument whose values stand in Modbus registers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from contract.reading import Reading, Status
from drivers.generic.binary import field, registers, runs
from drivers.generic.model import Modbus, StatusBit
from drivers.kit.description import LineSettings, ModbusLink
from drivers.kit.dialogue import FaultStated, InstrumentEvent, ReadingsReceived
from drivers.kit.layout import Field
from drivers.kit.link import ReadRegisters
from drivers.kit.modbus_frame import rounds
from drivers.kit.polling import RegisterPolling

Memory = Mapping[tuple[str, int], bytes]
"""The two bytes of each register that was read, by table and address."""


class Registers:
    """Reads the registers that a file names, in blocks."""

    def __init__(self, said: Modbus) -> None:
        self._said = said
        self._fields = [(each, field(each, 0)) for each in said.value]
        wanted: dict[str, list[int]] = {}
        for each in said.value:
            wanted.setdefault(each.table, []).extend(
                range(each.address, each.address + registers(each))
            )
        for bit in said.status:
            wanted.setdefault(bit.table, []).append(bit.address)
        self.blocks = tuple(
            ReadRegisters("holding" if table == "holding" else "input", run.start, len(run))
            for table, addresses in sorted(wanted.items())
            for run in runs(addresses)
        )

    def link(self) -> ModbusLink:
        """Return how to speak with it."""
        said = self._said
        return ModbusLink(
            converse=lambda: RegisterPolling(*self.blocks, parse=self.parse, every=said.every),
            line=LineSettings(
                baud_rate=said.baud_rate,
                data_bits=said.data_bits,
                parity=said.parity,
                stop_bits=said.stop_bits,
            ),
            device=said.device,
        )

    def decode(self, data: bytes) -> Iterator[InstrumentEvent]:
        """Read recorded answers."""
        return rounds(data, self.blocks, self.parse)

    def parse(self, blocks: Sequence[bytes]) -> Iterator[InstrumentEvent]:
        """Yield the readings; a status bit that is set takes the value from all of them."""
        memory: Memory = {
            (block.table, block.address + place): data[2 * place : 2 * place + 2]
            for block, data in zip(self.blocks, blocks, strict=True)
            for place in range(block.count)
        }
        raised = [each for each in self._said.status if _is_set(each, memory)]
        yield ReadingsReceived(
            tuple(
                _marked(self._read(at, memory, each.table, each.address), raised)
                for each, at in self._fields
            )
        )
        if raised:
            yield FaultStated("; ".join(each.means for each in raised))

    def _read(self, at: Field, memory: Memory, table: str, address: int) -> Reading:
        size = at.end // 2
        return at.read(b"".join(memory[table, address + place] for place in range(size)))


def _is_set(bit: StatusBit, memory: Memory) -> bool:
    return bool(int.from_bytes(memory[bit.table, bit.address], "big") >> bit.bit & 1)


def _marked(reading: Reading, raised: Sequence[StatusBit]) -> Reading:
    if not raised:
        return reading
    means = "; ".join(each.means for each in raised)
    return replace(reading, value=None, status=Status(raised[0].status), detail=means)
