Object.defineProperty(exports, "__esModule", { value: true });
class Badges1790000000000 {
  constructor() { this.name = "Badges1790000000000"; }
  async up(runner) {
    await runner.query("ALTER TABLE store ADD COLUMN motto text");
    await runner.query("CREATE TABLE badge (id varchar PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), title text NOT NULL, store_id varchar REFERENCES store (id))");
  }
  async down(runner) {
    await runner.query("DROP TABLE badge");
    await runner.query("ALTER TABLE store DROP COLUMN motto");
  }
}
exports.Badges1790000000000 = Badges1790000000000;
