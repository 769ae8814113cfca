"""The application, as `flask` and `gunicorn wsgi:app` find it."""

from placement.web.factory import create_app

app = create_app()
