"""The words of everybody: texts, years, problems, message titles, the model."""
