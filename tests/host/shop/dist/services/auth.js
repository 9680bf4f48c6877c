Object.defineProperty(exports, "__esModule", { value: true });
const { AuthService } = require("@medusajs/medusa");
class Auth extends AuthService {
  async authenticateAPIToken(token) { return super.authenticateAPIToken(token); }
}
exports.default = Auth;
