"""Exit code 0 where a file is a zip file whose members Python reads and whose SHA256SUMS holds: zip_is_sound.py FILE."""
import hashlib
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as bundle:
    assert bundle.testzip() is None
    sums = dict(reversed(line.split("  ", 1)) for line in bundle.read("SHA256SUMS").decode().splitlines())
    names = set(bundle.namelist()) - {"SHA256SUMS"}
    assert set(sums) == names, (sums, names)
    for name in names:
        assert hashlib.sha256(bundle.read(name)).hexdigest() == sums[name], name
    assert all(member.compress_type == zipfile.ZIP_STORED for member in bundle.infolist())
