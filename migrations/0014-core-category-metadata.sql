-- unit: core_category_metadata
-- migration: 1699564794649 AddMetadataToProductCategory1699564794649
ALTER TABLE product_category ADD COLUMN metadata jsonb;
-- down
ALTER TABLE product_category DROP COLUMN metadata;
