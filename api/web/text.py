"""Text of the console, ready for translation: every sentence a person reads goes through `_` or `ngettext`.

Only English exists, so the catalogue is gettext's null one. A language is added by loading its catalogue here and
nowhere else; templates use the same two functions through Jinja's i18n extension.
"""

from gettext import NullTranslations

CATALOGUE = NullTranslations()

_ = CATALOGUE.gettext
ngettext = CATALOGUE.ngettext
