Object.defineProperty(exports, "__esModule", { value: true });
const { Column, Entity, JoinColumn, ManyToOne } = require("typeorm");
const { BaseEntity } = require("@medusajs/medusa");
class Badge extends BaseEntity {}
Column({ type: "text" })(Badge.prototype, "title");
Column({ type: "text", nullable: true })(Badge.prototype, "store_id");
ManyToOne(() => require("./store.js").Store, (store) => store.badges)(Badge.prototype, "store");
JoinColumn({ name: "store_id" })(Badge.prototype, "store");
Entity()(Badge);
exports.Badge = Badge;
