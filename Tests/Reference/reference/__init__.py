"""The rules of the product, computed a second time: slow, plain, exact, and written apart from the Swift.

lines -> frames (`recording`) -> items (`bybit`, `coinbase`, `kraken` over `session`) -> rows (`synchronizer`).
"""
