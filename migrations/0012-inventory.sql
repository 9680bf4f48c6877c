-- unit: inventory
-- With the module inventoryService.
-- migration: 1665748086258 inventorySetup1665748086258
-- migration: 1675761451145 addReservationType1675761451145
-- migration: 1682927363119 itemDescriptionsAndThumbnail1682927363119
CREATE TABLE inventory_item (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    sku text,
    origin_country text,
    hs_code text,
    mid_code text,
    material text,
    weight integer,
    length integer,
    height integer,
    width integer,
    requires_shipping boolean DEFAULT true NOT NULL,
    metadata jsonb,
    title varchar,
    description varchar,
    thumbnail varchar
);
CREATE TABLE inventory_level (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    inventory_item_id text NOT NULL,
    location_id text NOT NULL,
    stocked_quantity integer DEFAULT 0 NOT NULL,
    reserved_quantity integer DEFAULT 0 NOT NULL,
    incoming_quantity integer DEFAULT 0 NOT NULL,
    metadata jsonb
);
CREATE TABLE reservation_item (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    line_item_id text,
    inventory_item_id text NOT NULL,
    location_id text NOT NULL,
    quantity integer NOT NULL,
    metadata jsonb,
    external_id varchar,
    description varchar,
    created_by varchar
);
ALTER TABLE ONLY inventory_item ADD CONSTRAINT "PK_inventory_item_id" PRIMARY KEY (id);
ALTER TABLE ONLY inventory_level ADD CONSTRAINT "PK_inventory_level_id" PRIMARY KEY (id);
ALTER TABLE ONLY reservation_item ADD CONSTRAINT "PK_reservation_item_id" PRIMARY KEY (id);
CREATE UNIQUE INDEX "IDX_inventory_item_sku" ON inventory_item USING btree (sku) WHERE (deleted_at IS NULL);
CREATE INDEX "IDX_inventory_level_inventory_item_id" ON inventory_level USING btree (inventory_item_id);
CREATE INDEX "IDX_inventory_level_location_id" ON inventory_level USING btree (location_id);
CREATE INDEX "IDX_reservation_item_inventory_item_id" ON reservation_item USING btree (inventory_item_id) WHERE (deleted_at IS NULL);
CREATE INDEX "IDX_reservation_item_line_item_id" ON reservation_item USING btree (line_item_id) WHERE (deleted_at IS NULL);
CREATE INDEX "IDX_reservation_item_location_id" ON reservation_item USING btree (location_id) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX "UQ_inventory_level_inventory_item_id_location_id" ON inventory_level USING btree (inventory_item_id, location_id);
-- down
DROP TABLE inventory_item;
DROP TABLE inventory_level;
DROP TABLE reservation_item;
