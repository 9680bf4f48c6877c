// A shopper of a storefront in React: the store's hooks of the unmodified medusa-react, each mounted, answered and taken down again by React's
// own renderer for tests. The session lies in a cookie.
import assert from "node:assert/strict";
import { address, any, password } from "./visits.mjs";

// { reads(hook, ...arguments), does(hook, body, ...arguments), stop() }: what a hook that reads comes to, what one that changes answers.
export function reactOf(packages, medusa) {
  const { createElement, useEffect } = packages("react");
  const { create } = packages("react-test-renderer");
  const { QueryClient } = packages("@tanstack/react-query");
  const hooks = packages("medusa-react");
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" }, mutations: { networkMode: "always" } }, logger: { log() {}, warn() {}, error() {} } });
  const Reads = ({ hook, values, done, fail }) => {
    const result = hooks[hook](...values);
    useEffect(() => {
      if (result.isFetching) return;
      if (result.status === "success") done(result);
      if (result.status === "error") fail(result.error);
    });
    return null;
  };
  const Does = ({ hook, values, body, done, fail }) => {
    const { mutateAsync } = hooks[hook](...values);
    useEffect(() => { mutateAsync(body).then(done, fail); }, []);
    return null;
  };
  const page = (inside) => createElement(hooks.MedusaProvider, { baseUrl: "", medusaClient: medusa, queryClientProviderProps: { client } }, inside);
  const root = create(page(null));
  let shown = 0;
  const show = (component, properties) => new Promise((done, fail) => root.update(page(createElement(component, { key: ++shown, ...properties, done, fail }))));
  return {
    reads: (hook, ...values) => show(Reads, { hook, values }),
    does: (hook, body, ...values) => show(Does, { hook, values, body }),
    stop: () => { root.unmount(); client.clear(); },
  };
}

export class ReactShopper {
  constructor(packages, visit, ledger, { email, think, share }) {
    Object.assign(this, { visit, ledger, email, think, share, ...reactOf(packages, visit.medusa) });
  }

  async register() {
    await this.does("useCreateCustomer", { email: this.email, password, first_name: "Medusa", last_name: "Gorgon" });
    await this.logIn();
  }
  async logIn() {
    await this.visit.medusa.auth.authenticate({ email: this.email, password }); // there is no hook for it
    this.visit.guest = false;
  }

  async browse() {
    const { regions } = await this.reads("useRegions");
    this.region = regions.find(({ countries }) => countries.some(({ iso_2 }) => iso_2 === "de"));
    await this.reads("useRegion", this.region.id);
    const { collections } = await this.reads("useCollections", { limit: 10 });
    if (collections.length) await this.reads("useCollection", any(collections).id);
    const { product_categories } = await this.reads("useProductCategories", { expand: "category_children" });
    await this.reads("useProductCategory", any(product_categories).id);
    await this.reads("useProductTypes");
    await this.reads("useProductTags");
    await this.reads("useReturnReasons");
    const { products } = await this.reads("useProducts", { limit: 100, is_giftcard: false, region_id: this.region.id, expand: "variants,variants.prices,images" });
    const { product } = await this.reads("useProduct", any(products).id);
    await this.reads("useProducts", { q: product.title.slice(0, 4), is_giftcard: false });
    return products;
  }

  async fill(products) {
    const { cart: { id } } = await this.does("useCreateCart", { region_id: this.region.id });
    this.ledger.carts.add(id);
    this.cart = id;
    const variants = this.share(products.flatMap((product) => product.variants));
    const add = (quantity) => this.does("useCreateLineItem", { variant_id: any(variants).id, quantity }, id);
    await add(1);
    const { cart } = await add(2);
    await this.does("useUpdateLineItem", { lineId: cart.items[0].id, quantity: 3 }, id);
    if (cart.items.length > 1) await this.does("useDeleteLineItem", { lineId: cart.items[0].id }, id);
    return this.reads("useGetCart", id);
  }

  async buy() {
    const id = this.cart, own = address("Medusa");
    await this.does("useUpdateCart", { email: this.email, shipping_address: own, billing_address: own }, id);
    await this.think(id);
    await this.reads("useShippingOptions", { region_id: this.region.id, is_return: "false" });
    const { shipping_options } = await this.reads("useCartShippingOptions", id);
    await this.does("useAddShippingMethodToCart", { option_id: any(shipping_options).id }, id);
    const { cart } = await this.does("useCreatePaymentSession", undefined, id);
    const { provider_id } = any(cart.payment_sessions);
    await this.does("useUpdatePaymentSession", { provider_id, data: { note: "mind the snakes" } }, id);
    await this.does("useRefreshPaymentSession", { provider_id }, id); // is not chosen any more
    await this.does("useSetPaymentSession", { provider_id }, id);
    const { cart: reviewed } = await this.reads("useGetCart", id);
    const { type, data: order } = await this.does("useCompleteCart", undefined, id);
    assert.equal(type, "order");
    this.ledger.bought(order, id);
    assert.deepEqual([order.total, order.email], [reviewed.total, this.email]);
    assert.equal((await this.reads("useOrder", order.id)).order.id, order.id);
    assert.equal((await this.reads("useCartOrder", id)).order.id, order.id);
    const { display_id, email } = order;
    assert.equal((await this.reads("useOrders", { display_id, email, shipping_address: { postal_code: own.postal_code } })).order.id, order.id);
    this.cart = undefined;
    return order;
  }

  async account() {
    const { customer } = await this.reads("useMeCustomer");
    const { orders } = await this.reads("useCustomerOrders", { limit: 10, offset: 0 });
    return { customer, orders };
  }
}

export async function reactVisit(shopper, { customer }) {
  if (customer) await shopper.register();
  const products = await shopper.browse();
  await shopper.fill(products);
  const order = await shopper.buy();
  if (customer) {
    const { customer: { id }, orders } = await shopper.account();
    assert.deepEqual(orders.map((one) => one.id), [order.id]);
    await shopper.does("useUpdateMe", { id, first_name: "Stheno", phone: "+49 30 1234567" });
    assert.equal((await shopper.account()).customer.first_name, "Stheno");
    await shopper.visit.medusa.auth.deleteSession();
  }
  shopper.stop();
}
