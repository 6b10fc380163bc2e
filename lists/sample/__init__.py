"""A bundled sample of real entries, so that Caspian shows something before any list has been fetched.

`un_consolidated.xml` is an excerpt of the United Nations Security Council consolidated list of 2026-08-01 (source:
United Nations), `eu_fsf.xml` one of the EU consolidated list of financial sanctions as of 2026-04-22 (source: European
Union, reuse under Commission Decision 2011/833/EU), rebuilt from public dumps; `ofac_sdn.xml` is one of OFAC's SDN List
as of 2026-04-22, rebuilt likewise, `ofac_cons.xml` one of its non-SDN lists of 2025-01-10 (US federal works, no rights
reserved). All are small and out of date: they serve to try the program, never to screen. An answer that rests on them
must say so and is never `clear`.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable

DIRECTORY: Traversable = files(__name__)
"""The directory of the sample's files, each in its publisher's own format."""
