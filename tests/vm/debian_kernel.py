"""Debian's kernel for a guest, without installing it: downloaded once, kept in a cache folder."""

import lzma
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

META_PACKAGE = "linux-image-amd64"

# The disk of the host (9p over virtio) under a layer in memory (overlay); Bluetooth and a controller that a program
# plays (hci_vhci); the ciphers that the kernel's pairing code and bluetoothd ask for as they start. The guest has no
# modprobe, so whatever is asked for later must be there from the beginning.
MODULES = (
    "virtio_pci",
    "9pnet_virtio",
    "9p",
    "overlay",
    "cmac",
    "ecb",
    "algif_hash",
    "algif_skcipher",
    "bluetooth",
    "hci_vhci",
)

_DEPENDS = re.compile(rb"\0depends=([\w,-]*)\0")
DOWNLOAD_SECONDS = 120.0


class NotObtainableError(Exception):
    """The kernel cannot be had here; the message says why."""


@dataclass(frozen=True, slots=True)
class GuestParts:
    """What a guest boots from."""

    kernel: Path
    busybox: Path
    modules: tuple[Path, ...]
    """In the order in which they can be inserted."""


def obtain(cache: Path) -> GuestParts:
    """Return the parts, from the cache or else from Debian; raises NotObtainableError."""
    package = _kernel_package()
    kept = cache.absolute() / package
    if not kept.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        # Made beside and moved: what is in the cache is whole.
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            made = Path(scratch) / "made"
            _make(package, Path(scratch), made)
            made.rename(kept)
    return GuestParts(kept / "vmlinuz", kept / "busybox", tuple(sorted(kept.glob("*.ko"))))


def _kernel_package() -> str:
    # The name is asked for: apt takes a pattern for every kernel Debian has, and fetches them all. The unsigned package
    # holds the same kernel; nobody in the guest checks signatures.
    if shutil.which("apt-cache") is None or shutil.which("dpkg-deb") is None:
        raise NotObtainableError("this system has no apt")
    listed = _run("apt-cache", "depends", META_PACKAGE)
    found = re.search(r"Depends: (linux-image-\d\S*)", listed)
    if found is None:
        raise NotObtainableError(f"apt lists no {META_PACKAGE}: run apt-get update")
    return found[1].removesuffix("-unsigned") + "-unsigned"


def _make(package: str, scratch: Path, made: Path) -> None:
    made.mkdir()
    kernel, busybox = (_unpacked(each, scratch) for each in (package, "busybox-static"))
    shutil.copy(next(kernel.glob("boot/vmlinuz-*")), made / "vmlinuz")
    shutil.copy(next(busybox.glob("**/bin/busybox")), made / "busybox")
    files = {_name(path): path for path in kernel.glob("**/*.ko*")}
    for number, (name, content) in enumerate(_in_order(files)):
        (made / f"{number:02}-{name}.ko").write_bytes(content)


def _unpacked(package: str, scratch: Path) -> Path:
    folder = scratch / package
    folder.mkdir()
    # As root apt would download as another user, who may not write here.
    _run("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package, folder=folder)
    deb = next(folder.glob("*.deb"))
    _run("dpkg-deb", "--extract", str(deb), str(folder))
    deb.unlink()
    return folder


def _in_order(files: dict[str, Path]) -> Iterator[tuple[str, bytes]]:
    """Yield each module after those it needs. What the kernel has built in is in no file."""
    done: set[str] = set()

    def with_needs(name: str) -> Iterator[tuple[str, bytes]]:
        if name in done or name not in files:
            return
        done.add(name)
        content = files[name].read_bytes()
        if files[name].suffix == ".xz":
            content = lzma.decompress(content)
        needs = _DEPENDS.search(content)
        for needed in needs[1].decode().split(",") if needs else ():
            yield from with_needs(needed.replace("-", "_"))
        yield name, content

    for wanted in MODULES:
        yield from with_needs(wanted)


def _name(path: Path) -> str:
    return path.name.partition(".ko")[0].replace("-", "_")


def _run(*command: str, folder: Path | None = None) -> str:
    try:
        return subprocess.run(
            command,
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_SECONDS,
        ).stdout
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or str(error)
        raise NotObtainableError(f"{command[0]} failed: {str(said).strip()[-200:]}") from error
