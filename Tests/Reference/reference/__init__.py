"""The rules of the product, computed a second time: slow, plain, exact, and written apart from the Swift.

lines -> frames (`recording`) -> items (a module a venue, over `session`) -> rows (`synchronizer`).
"""
