import { MigrationInterface, QueryRunner } from "typeorm"

export class Workshop1700000000001 implements MigrationInterface {
  name = "Workshop1700000000001"

  public async up(queryRunner: QueryRunner): Promise<void> {
    const own = `"id" character varying NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()`
    await queryRunner.query(`CREATE TABLE "maker" (${own}, "name" character varying NOT NULL, "town" character varying, CONSTRAINT "PK_maker" PRIMARY KEY ("id"))`)
    await queryRunner.query(`CREATE TABLE "review" (${own}, "product_id" character varying NOT NULL REFERENCES "product" ("id") ON DELETE CASCADE, "stars" integer NOT NULL, "text" text, CONSTRAINT "PK_review" PRIMARY KEY ("id"))`)
    await queryRunner.query(`CREATE INDEX "IDX_review_product" ON "review" ("product_id")`)
    await queryRunner.query(`CREATE TABLE "log_entry" (${own}, "what" character varying NOT NULL, "about" character varying NOT NULL, CONSTRAINT "PK_log_entry" PRIMARY KEY ("id"))`)
    await queryRunner.query(`ALTER TABLE "product" ADD COLUMN "glaze" character varying, ADD COLUMN "maker_id" character varying REFERENCES "maker" ("id") ON DELETE SET NULL`)
    await queryRunner.query(`ALTER TABLE "cart" ADD COLUMN "gift_note" character varying`)
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "cart" DROP COLUMN "gift_note"`)
    await queryRunner.query(`ALTER TABLE "product" DROP COLUMN "glaze", DROP COLUMN "maker_id"`)
    await queryRunner.query(`DROP TABLE "log_entry", "review", "maker"`)
  }
}
