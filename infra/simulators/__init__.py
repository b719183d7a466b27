"""Simulators of the payment providers, couriers and e-catalogues, speaking their real wire protocols."""
