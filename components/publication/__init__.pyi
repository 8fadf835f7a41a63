from .args import PublicationArgs as PublicationArgs
from .publication import Publication as Publication
