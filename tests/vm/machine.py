"""A virtual machine for one script: QEMU in software, the host's own files, nothing kept."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from tests.vm.debian_kernel import GuestParts

ENDED = "GUEST ENDED WITH "
"""Before the script's exit status, in a line on the serial console: QEMU has no other way to tell it."""

# Software emulation also where the host has KVM: nested or restricted ones start and then hang. What makes emulation
# slow and protects nobody here is off.
KERNEL_ARGUMENTS = "console=ttyS0 panic=-1 quiet loglevel=3 mitigations=off nokaslr random.trust_cpu=on tsc=reliable"

# The first script, in the memory disk: put the host's files read-only under a layer in memory, and go there.
INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /dev /host /layer /root
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
for module in /modules/*.ko; do insmod "$module" || echo "no $module"; done
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=1048576 host /host
mount -t tmpfs layer /layer
mkdir /layer/upper /layer/work
mount -t overlay -o lowerdir=/host,upperdir=/layer/upper,workdir=/layer/work root /root
umount /dev
exec switch_root /root {command}
"""


class MachineError(Exception):
    """The machine did not end by itself; the message holds the last it said."""


def run(parts: GuestParts, command: list[str], *, scratch: Path, within: float) -> str:
    """Boot, run the command as the first process, and return all it said; raises MachineError.

    The command sees the files of this host, read-only below a layer that is forgotten. It must power the guest off.
    """
    memory_disk = scratch / "initramfs"
    _write_memory_disk(parts, command, scratch / "files", memory_disk)
    shared = "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"
    qemu = [
        *("qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max"),
        *("-smp", "2", "-m", "1024"),
        *("-nodefaults", "-no-user-config", "-nographic", "-nic", "none"),
        *("-serial", "stdio", "-no-reboot"),
        *("-kernel", str(parts.kernel), "-initrd", str(memory_disk)),
        *("-append", KERNEL_ARGUMENTS, "-virtfs", shared),
    ]
    with subprocess.Popen(
        qemu, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as machine:
        try:
            said, _ = machine.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            machine.kill()
            tail = machine.communicate()[0].decode(errors="replace")[-2000:]
            raise MachineError(
                f"still running after {within:g} s; the last it said:\n{tail}"
            ) from None
        except BaseException:
            machine.kill()
            raise
    return said.decode(errors="replace").replace("\r", "")


def _write_memory_disk(parts: GuestParts, command: list[str], files: Path, result: Path) -> None:
    (files / "bin").mkdir(parents=True)
    (files / "modules").mkdir()
    shutil.copy(parts.busybox, files / "bin" / "busybox")
    for module in parts.modules:
        shutil.copy(module, files / "modules")
    init = files / "init"
    init.write_text(INIT.format(command=shlex.join(command)))
    for executable in (init, files / "bin" / "busybox"):
        executable.chmod(0o755)
    names = "".join(f"{path.relative_to(files)}\n" for path in sorted(files.rglob("*")))
    with result.open("wb") as archive:
        subprocess.run(
            [os.fspath(parts.busybox), "cpio", "-o", "-H", "newc"],
            cwd=files,
            input=names.encode(),
            stdout=archive,
            stderr=subprocess.DEVNULL,
            check=True,
        )
