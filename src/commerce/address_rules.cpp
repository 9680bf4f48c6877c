#include "commerce/address_rules.hpp"

namespace commerce {

using rules::Is;
using enum rules::Presence;

const rules::Rules kAddressRules{{{"first_name", Is::string, optional},
                                  {"last_name", Is::string, optional},
                                  {"phone", Is::string, optional},
                                  {"metadata", Is::object, optional},
                                  {"company", Is::string, optional},
                                  {"address_1", Is::string, optional},
                                  {"address_2", Is::string, optional},
                                  {"city", Is::string, optional},
                                  {"country_code", Is::string, optional},
                                  {"province", Is::string, optional},
                                  {"postal_code", Is::string, optional}}};

} // namespace commerce
