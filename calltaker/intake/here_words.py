"""What the page of a location link says, in both languages. Values only."""

from collections.abc import Mapping
from types import MappingProxyType

from models.states import Language

WORDS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        Language.EN: {
            "name": "English",
            "title": "Send your location",
            "who": "The 3-1-1 line that you are calling asks where you are, to find the right place.",
            "how": "Press the button. Your phone asks whether you allow it. Your location is sent one "
            "time, to this call only. You are not followed.",
            "free": "You do not have to. You can also say the place on the phone.",
            "button": "Send my location",
            "asking": "Finding your location. Allow it if your phone asks.",
            "sending": "Sending your location.",
            "taken": "Thank you. Your location is sent, exact to about {metres} meters. You can close "
            "this page. Stay on the phone.",
            "refused": "Your phone did not allow it. Nothing was sent. Say the place on the phone, or "
            "allow location for this page and press again.",
            "unknown": "Your phone cannot find where it is. Nothing was sent. Go near a window or "
            "outside if that is safe, and press again, or say the place on the phone.",
            "inaccurate": "Your phone knows only roughly where it is. Nothing was kept. Turn on exact "
            "location, or go near a window if that is safe, and press again, or say the place.",
            "unreadable": "Your location could not be read. Nothing was kept. Say the place on the "
            "phone.",
            "unsent": "It could not be sent. Check your signal and press again, or say the place on "
            "the phone.",
            "late": "This link takes nothing any more. It works one time, for ten minutes, while you "
            "are on the phone. Say the place on the phone.",
            "busy": "Too many at once. Wait a minute and try again, or say the place on the phone.",
        },
        Language.ES: {
            "name": "Español",
            "title": "Mande su ubicación",
            "who": "La línea 3-1-1 con la que habla pregunta dónde está usted, para dar con el lugar "
            "correcto.",
            "how": "Oprima el botón. Su teléfono le pregunta si lo permite. Su ubicación se manda una "
            "sola vez, solo a esta llamada. Nadie lo sigue.",
            "free": "No es obligatorio. También puede decir el lugar por teléfono.",
            "button": "Mandar mi ubicación",
            "asking": "Buscando su ubicación. Dé permiso si su teléfono lo pide.",
            "sending": "Mandando su ubicación.",
            "taken": "Gracias. Se mandó su ubicación, exacta a unos {metres} metros. Puede cerrar "
            "esta página. Siga en la llamada.",
            "refused": "Su teléfono no lo permitió. No se mandó nada. Diga el lugar por teléfono, o "
            "permita la ubicación en esta página y oprima otra vez.",
            "unknown": "Su teléfono no encuentra dónde está. No se mandó nada. Acérquese a una "
            "ventana o salga si no hay peligro, y oprima otra vez, o diga el lugar por teléfono.",
            "inaccurate": "Su teléfono sabe solo más o menos dónde está. No se guardó nada. Active la "
            "ubicación exacta, o acérquese a una ventana si no hay peligro, y oprima otra vez, o diga "
            "el lugar.",
            "unreadable": "No se pudo leer su ubicación. No se guardó nada. Diga el lugar por "
            "teléfono.",
            "unsent": "No se pudo mandar. Revise su señal y oprima otra vez, o diga el lugar por "
            "teléfono.",
            "late": "Este enlace ya no recibe nada. Sirve una sola vez, diez minutos, mientras dura "
            "la llamada. Diga el lugar por teléfono.",
            "busy": "Demasiados a la vez. Espere un minuto y pruebe otra vez, o diga el lugar por "
            "teléfono.",
        },
    }
)
