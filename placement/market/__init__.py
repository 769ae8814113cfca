"""The supply side: providers, services, units, vacancies, quality and imports."""
