-- On top of fill.sql, with the inventory and stock location modules: n locations of n channels, and for each variant of the
-- first product an inventory item that is stocked at all of them and has n reservations.
\set ON_ERROR_STOP on
begin;
create temp table many as select i, i::text as s from generate_series(1, :n) i;
create temp table pairs as select a.i, b.i as j, a.i || '_' || b.i as s from many a, many b;
create temp table shop as select default_sales_channel_id as channel from store limit 1;
insert into stock_location_address (id, address_1, country_code) select 'laddr_x' || s, 'Street ' || s, 'de' from many;
insert into stock_location (id, name, address_id) select 'sloc_x' || s, 'Location ' || s, 'laddr_x' || s from many;
insert into sales_channel_location (id, sales_channel_id, location_id)
  select 'scloc_x' || s, 'sc_x' || i, 'sloc_x' || j from pairs union all select 'scloc_d' || s, channel, 'sloc_x' || s from many, shop;
insert into inventory_item (id, sku) select 'iitem_x' || s, 'I-' || s from many;
insert into product_variant_inventory_item (id, inventory_item_id, variant_id, required_quantity) select 'pvitem_x' || s, 'iitem_x' || s, 'variant_x1_' || s, 1 from many;
insert into inventory_level (id, inventory_item_id, location_id, stocked_quantity, reserved_quantity) select 'ilev_x' || s, 'iitem_x' || i, 'sloc_x' || j, 1000, 1 from pairs;
insert into reservation_item (id, line_item_id, inventory_item_id, location_id, quantity) select 'resitem_x' || s, 'item_x1_' || i, 'iitem_x' || i, 'sloc_x' || j, 1 from pairs;
commit;
analyze;
