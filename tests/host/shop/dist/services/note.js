Object.defineProperty(exports, "__esModule", { value: true });
const { NoteService } = require("@medusajs/medusa");
// Its constructor changes what the package's sets: any method may differ.
class Notes extends NoteService {
  constructor() {
    super(...arguments);
    this.noteRepository_ = Object.create(this.noteRepository_);
  }
}
exports.default = Notes;
