"""The air between radios: bumble's link and controller, made to behave like real ones."""

import asyncio
from collections.abc import Iterator
from typing import cast

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

from firmware_sims.bumble_types import ScanParameters

LINK_LOST = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
NOT_ESTABLISHED = hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR
UNKNOWN_CONNECTION = hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR
RSSI = -58
ACTIVE_SCANNING = 1

_Report = hci.HCI_LE_Extended_Advertising_Report_Event.Report
_Kind = hci.HCI_LE_Extended_Advertising_Report_Event.EventType
_ADVERTISEMENT = (
    _Kind.CONNECTABLE_ADVERTISING | _Kind.SCANNABLE_ADVERTISING | _Kind.LEGACY_ADVERTISING_PDU_USED
)


class Air(LocalLink):
    """What the radios share. A radio that left neither hears nor is heard."""

    controllers: set[Controller]

    def __init__(self) -> None:
        # bumble leaves it untyped.
        super().__init__()  # type: ignore[no-untyped-call]  # bumble leaves it untyped

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        """Carry data under the address the connection was made with."""
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is None or receiver is None or sender_controller not in self.controllers:
            return
        asyncio.get_running_loop().call_soon(
            receiver.on_link_acl_data, connection.self_address, transport, data
        )

    def send_advertising_pdu(
        self, sender_controller: Controller, packet: ll.AdvertisingPdu
    ) -> None:
        if sender_controller in self.controllers:
            super().send_advertising_pdu(sender_controller, packet)

    def send_ll_control_pdu(
        self,
        sender_address: hci.Address,
        receiver_address: hci.Address,
        packet: ll.ControlPdu,
    ) -> None:
        """Carry a control message; out of reach it is lost without a word."""
        if self.find_le_controller(sender_address) and self.find_le_controller(receiver_address):
            super().send_ll_control_pdu(sender_address, receiver_address, packet)

    def leave(self, controller: "AirController") -> None:
        """Take a radio out of reach: each of its links is lost on both sides."""
        controller.lose_links()
        self.controllers.discard(controller)


class AirController(Controller):
    """A radio that can give up connecting, scans as asked and loses links."""

    acl_data_packet_length = 251
    le_acl_data_packet_length = 251

    def __init__(self, name: str, air: Air) -> None:
        # bumble leaves one parameter untyped.
        super().__init__(name, link=air)  # pyright: ignore[reportUnknownMemberType]  # likewise
        self.air = air
        self._active = True

    # --- links ---------------------------------------------------------------

    def lose_links(self) -> None:
        """Drop every link with reason 0x08, on both sides."""
        for connection in tuple(self.le_connections.values()):
            peer = self.air.find_le_controller(connection.peer_address)
            if peer and (other := peer.le_connections.get(connection.self_address)):
                peer.on_le_disconnected(other, LINK_LOST)
            self.on_le_disconnected(connection, LINK_LOST)

    def on_le_connect_ind(self, packet: ll.ConnectInd) -> None:
        """Accept a central; one that came too late learns that it has no link."""
        super().on_le_connect_ind(packet)
        connection = self.le_connections.get(packet.initiator_address)
        mine = packet.advertiser_address == self.random_address
        if not mine or connection is not None:
            return
        central = self.air.find_le_controller(packet.initiator_address)
        if central and (late := central.le_connections.get(packet.advertiser_address)):
            central.on_le_disconnected(late, NOT_ESTABLISHED)

    def on_link_acl_data(
        self, sender_address: hci.Address, transport: PhysicalTransport, data: bytes
    ) -> None:
        """Take data of a link that still lives."""
        if sender_address in self.le_connections:
            super().on_link_acl_data(sender_address, transport, data)

    def on_ll_control_pdu(self, sender_address: hci.Address, packet: ll.ControlPdu) -> None:
        """Take a control message of a link that still lives."""
        if sender_address in self.le_connections:
            super().on_ll_control_pdu(sender_address, packet)

    # --- commands of the host ------------------------------------------------

    def on_hci_reset_command(self, _command: object) -> hci.HCI_StatusReturnParameters:
        """Forget everything the host had asked for."""
        self.lose_links()
        self.pending_le_connection = None
        self.le_scan_enable = False
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_le_create_connection_cancel_command(
        self, _command: object
    ) -> hci.HCI_StatusReturnParameters:
        """Give up connecting, and say so with an event as the specification wants."""
        pending = self.pending_le_connection
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.pending_le_connection = None
        asyncio.get_running_loop().call_soon(self.send_hci_packet, _given_up(pending))
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_le_set_extended_scan_parameters_command(
        self, command: object
    ) -> hci.HCI_StatusReturnParameters:
        """Remember whether to ask for scan responses."""
        self._active = ACTIVE_SCANNING in cast("ScanParameters", command).scan_types
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    # --- advertisements ------------------------------------------------------

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report an advertisement, and its own scan response if the scan is active."""
        address = pdu.advertiser_address
        if self.le_scan_enable:
            self._report(_ADVERTISEMENT, address, bytes(pdu.data))
            if self._active:
                for response in self._scan_responses(address):
                    self._report(_ADVERTISEMENT | _Kind.SCAN_RESPONSE, address, response)
        pending = self.pending_le_connection
        if pending and pending.peer_address == address:
            self.create_le_connection(address)

    def _scan_responses(self, address: hci.Address) -> Iterator[bytes]:
        advertiser = self.air.find_le_controller(address)
        if advertiser is not None:
            for advertising in advertiser.advertising_sets.values():
                if advertising.enabled:
                    yield bytes(advertising.scan_response_data)

    def _report(self, kind: _Kind, address: hci.Address, data: bytes) -> None:
        report = _Report(
            event_type=kind,
            address_type=address.address_type,
            address=address,
            primary_phy=hci.Phy.LE_1M,
            secondary_phy=0,
            advertising_sid=0xFF,
            tx_power=0x7F,
            rssi=RSSI,
            periodic_advertising_interval=0,
            direct_address_type=0,
            direct_address=hci.Address.ANY,
            data=data,
        )
        self.send_hci_packet(hci.HCI_LE_Extended_Advertising_Report_Event([report]))


def _given_up(
    pending: hci.HCI_LE_Create_Connection_Command | hci.HCI_LE_Extended_Create_Connection_Command,
) -> hci.HCI_LE_Connection_Complete_Event:
    return hci.HCI_LE_Connection_Complete_Event(
        status=UNKNOWN_CONNECTION,
        connection_handle=0,
        role=hci.Role.CENTRAL,
        peer_address_type=pending.peer_address.address_type,
        peer_address=pending.peer_address,
        connection_interval=0,
        peripheral_latency=0,
        supervision_timeout=0,
        central_clock_accuracy=0,
    )
