from .publication import Publication as Publication
from .publication import PublicationArgs as PublicationArgs
