"""The pages on which a clinic, a nurse, a medical director, an appeals reviewer, an analyst and a manager work.

Every page is made on the server and works without JavaScript; every act is a plain form (POST, then 303).
"""
