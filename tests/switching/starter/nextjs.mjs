// What the Next.js starter for Medusa 1 asks of the Store API, page by page and action by action. It runs on Node: nothing is kept between
// pages but the cart's id and the customer's token, which it has in cookies of its own. Previews of products in lists are asked one by one.
import assert from "node:assert/strict";
import { address, any, password } from "./visits.mjs";

const previews = 3; // of the products of a list, so that a visit stays short

export class NextShopper {
  constructor(visit, ledger, { country = "de", email, discount, think, share }) {
    Object.assign(this, { visit, ledger, country, email, discount, think, share });
    this.medusa = visit.medusa;
  }

  // A guest's header is there, and empty; Next's hints for its own cache go out as a header, too.
  headers(tag) {
    return { next: { tags: [tag] }, authorization: this.token ? `Bearer ${this.token}` : "" };
  }

  async region() {
    const { regions } = await this.medusa.regions.list();
    return regions.find(({ countries }) => countries.some(({ iso_2 }) => iso_2 === this.country));
  }
  products(query) {
    return this.medusa.products.list(query, { next: { tags: ["products"] } });
  }
  async cart() {
    return this.cartId ? (await this.medusa.carts.retrieve(this.cartId, this.headers("cart"))).cart : undefined;
  }
  // Items are shown with their products of today.
  async enriched({ items, region_id }) {
    if (items.length) await this.medusa.products.list({ id: items.map(({ variant }) => variant.product_id), region_id }, this.headers("products"));
  }
  async customer() {
    return this.medusa.customers.retrieve(this.headers("customer")).then(({ customer }) => customer, (error) => { if (this.token) throw error; });
  }

  // Around every page but the checkout's.
  async layout() {
    await this.medusa.regions.list();
    const cart = await this.cart();
    if (cart) await this.enriched(cart);
    await this.medusa.collections.list({ limit: 6, offset: 0 }, { next: { tags: ["collections"] } });
    await this.medusa.productCategories.list({ limit: 6, offset: 0 }, { next: { tags: ["categories"] } });
  }
  async preview(products) {
    for (const { id } of products.slice(0, previews)) await this.priced(id);
  }
  priced(id) {
    return this.medusa.products.retrieve(`${id}?region_id=${this.regionId}`, this.headers("products"));
  }

  async home() {
    await this.visit.ask("GET", "/store/regions", {}); // the middleware's
    this.regionId = (await this.region()).id;
    await this.layout();
    const { collections } = await this.medusa.collections.list({ limit: 3, offset: 0 }, { next: { tags: ["collections"] } });
    const lists = await Promise.all(collections.map(({ id }) => this.products({ limit: 12, offset: 0, region_id: this.regionId, collection_id: [id] })));
    for (const { products } of lists) await this.preview(products);
    return collections;
  }
  async store() {
    await this.layout();
    const { products } = await this.products({ limit: 100, offset: 0, region_id: this.regionId });
    await this.preview(products);
    return products.filter(({ is_giftcard }) => !is_giftcard); // a cart of gift cards alone is not sent, and asks for no option
  }
  async collection(handle) {
    await this.layout();
    const { collections: [collection] } = await this.medusa.collections.list({ handle: [handle] }, { next: { tags: ["collections"] } });
    const { products } = await this.products({ limit: 100, offset: 0, region_id: this.regionId, collection_id: [collection.id] });
    await this.preview(products);
  }
  async category() {
    await this.layout();
    const { product_categories: all } = await this.medusa.productCategories.list({ expand: "category_children" }, { next: { tags: ["collections"] } });
    const { product_categories: [category] } = await this.medusa.productCategories.list({ handle: any(all).handle }, { next: { tags: ["categories"] } });
    const { products } = await this.products({ limit: 100, offset: 0, region_id: this.regionId, category_id: [category.id] });
    await this.preview(products);
  }
  async product(handle) {
    await this.layout();
    const { products: [{ id }] } = await this.medusa.products.list({ handle }, this.headers("products"));
    const { product } = await this.priced(id);
    await this.priced(id); // the part with the button once more
    const { products } = await this.products({ limit: 12, offset: 0, region_id: this.regionId, currency_code: (await this.region()).currency_code,
      ...(product.collection_id ? { collection_id: [product.collection_id] } : {}), tags: (product.tags ?? []).map(({ value }) => value), is_giftcard: false });
    await this.preview(products.filter((other) => other.id !== id));
    return product;
  }

  async addToCart(variant_id, quantity) {
    let cart = await this.cart();
    const { id: region_id } = await this.region();
    if (!cart) {
      ({ cart } = await this.medusa.carts.create({ region_id }, this.headers("cart")));
      this.cartId = cart.id;
      this.ledger.carts.add(cart.id);
    }
    if (cart.region_id !== region_id) await this.medusa.carts.update(cart.id, { region_id }, this.headers("cart"));
    return (await this.medusa.carts.lineItems.create(cart.id, { variant_id, quantity }, this.headers("cart"))).cart;
  }
  async cartPage() {
    await this.layout();
    const cart = await this.cart();
    await this.enriched(cart);
    await this.customer();
    return cart;
  }
  changeItem(id, quantity) {
    return this.medusa.carts.lineItems.update(this.cartId, id, { quantity }, this.headers("cart"));
  }
  removeItem(id) {
    return this.medusa.carts.lineItems.delete(this.cartId, id, this.headers("cart"));
  }
  async changeCountry(country) {
    this.country = country;
    this.regionId = (await this.region()).id;
    await this.medusa.carts.update(this.cartId, { region_id: this.regionId }, this.headers("cart"));
  }

  // The page is rendered anew after each of its steps.
  async checkout() {
    await this.enriched(await this.cart());
    const { cart } = await this.medusa.carts.createPaymentSessions(this.cartId, this.headers("cart"));
    const { shipping_options } = await this.medusa.shippingOptions.listCartOptions(cart.id, this.headers("shipping"));
    await this.customer();
    await this.cart(); // the summary's
    return { cart, options: shipping_options.filter(({ is_return }) => !is_return) };
  }
  async buy() {
    const update = (change) => this.medusa.carts.update(this.cartId, change, this.headers("cart"));
    await this.checkout();
    const own = address("Stheno");
    await update({ shipping_address: own, billing_address: own, email: this.email });
    await this.think(this.cartId);
    const { options } = await this.checkout();
    await this.medusa.carts.addShippingMethod(this.cartId, { option_id: any(options).id }, this.headers("cart"));
    if (this.discount) {
      await update({ discounts: [{ code: this.discount }] });
      await this.medusa.carts.deleteDiscount(this.cartId, this.discount, this.headers("cart"));
      await update({ discounts: [{ code: this.discount }] });
    }
    const { cart } = await this.checkout();
    await this.medusa.carts.setPaymentSession(this.cartId, { provider_id: any(cart.payment_sessions).provider_id }, this.headers("cart"));
    const { cart: reviewed } = await this.checkout();
    const { type, data: order } = await this.medusa.carts.complete(this.cartId, this.headers("cart"));
    assert.equal(type, "order");
    this.ledger.bought(order, this.cartId);
    assert.deepEqual([order.total, order.email], [reviewed.total, this.email]);
    this.cartId = undefined;
    await this.layout();
    const { order: confirmed } = await this.medusa.orders.retrieve(order.id, this.headers("order"));
    assert.equal(confirmed.total, order.total);
    await this.enriched(confirmed);
    return order;
  }

  async register() {
    await this.medusa.customers.create({ email: this.email, password, first_name: "Stheno", last_name: "Gorgon", phone: "" }, this.headers("customer"));
    await this.logIn();
  }
  async logIn(word = password) {
    this.token = (await this.medusa.auth.getToken({ email: this.email, password: word }, { next: { tags: ["auth"] } })).access_token;
    this.visit.guest = false;
  }
  // Both the login's and the account's page are asked, whoever looks.
  async account() {
    await this.layout();
    const customer = await this.customer();
    const { orders } = await this.medusa.customers.listOrders({ limit: 10, offset: 0 }, this.headers("customer")).catch((error) => { if (this.token) throw error; return {}; });
    return { customer, orders };
  }
  async profile() {
    const update = async (change) => { await this.medusa.customers.update(change, this.headers("customer")); await this.customer(); await this.medusa.regions.list(); };
    await update({ first_name: "Euryale", last_name: "Gorgon" });
    await update({ phone: "+49 30 1234567" });
    await update({ billing_address: address("Euryale") });
    // Another password: the old one is tried first. This server's tokens of the old one end with it, so the customer logs in again.
    await this.medusa.auth.authenticate({ email: this.email, password }, this.headers("auth"));
    await this.medusa.customers.update({ password: `${password}-new` }, this.headers("customer"));
    await this.logIn(`${password}-new`);
  }
  async addresses() {
    const { customer } = await this.medusa.customers.addresses.addAddress({ address: address("Stheno") }, this.headers("customer"));
    const { id } = customer.shipping_addresses[0];
    await this.medusa.customers.addresses.updateAddress(id, { ...address("Stheno"), city: "Seriphos" }, this.headers("customer"));
    await this.customer();
    await this.medusa.customers.addresses.deleteAddress(id, this.headers("customer"));
  }
}

// One visit: who looks around, buys, and, as a customer, looks after the account.
export async function nextVisit(shopper, { customer }) {
  const collections = await shopper.home();
  if (collections.length) await shopper.collection(any(collections).handle);
  await shopper.category();
  await shopper.account();
  if (customer) await shopper.register();
  const products = await shopper.store();
  const variants = shopper.share(products.flatMap((product) => product.variants));
  const wish = any(variants);
  await shopper.product(products.find(({ id }) => id === wish.product_id).handle);
  await shopper.addToCart(wish.id, 1);
  const other = await shopper.addToCart(any(variants).id, 2);
  await shopper.cartPage();
  const [item] = other.items;
  await shopper.changeItem(item.id, 3);
  if (other.items.length > 1) await shopper.removeItem(item.id);
  if (shopper.country !== "de") await shopper.changeCountry("de");
  const order = await shopper.buy();
  if (!customer) return;
  const { orders } = await shopper.account();
  assert.deepEqual(orders.map(({ id }) => id), [order.id]);
  await shopper.medusa.orders.retrieve(order.id, shopper.headers("order"));
  await shopper.addresses();
  await shopper.profile();
}
