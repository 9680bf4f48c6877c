-- unit: tax_inclusive_pricing
-- With the feature flag tax_inclusive_pricing.
-- migration: 1659501357661 test1659501357661
ALTER TABLE currency ADD COLUMN includes_tax boolean DEFAULT false NOT NULL;
ALTER TABLE line_item ADD COLUMN includes_tax boolean DEFAULT false NOT NULL;
ALTER TABLE price_list ADD COLUMN includes_tax boolean DEFAULT false NOT NULL;
ALTER TABLE region ADD COLUMN includes_tax boolean DEFAULT false NOT NULL;
ALTER TABLE shipping_method ADD COLUMN includes_tax boolean DEFAULT false NOT NULL;
ALTER TABLE shipping_option ADD COLUMN includes_tax boolean DEFAULT false NOT NULL;
-- down
ALTER TABLE currency DROP COLUMN includes_tax;
ALTER TABLE line_item DROP COLUMN includes_tax;
ALTER TABLE price_list DROP COLUMN includes_tax;
ALTER TABLE region DROP COLUMN includes_tax;
ALTER TABLE shipping_method DROP COLUMN includes_tax;
ALTER TABLE shipping_option DROP COLUMN includes_tax;
