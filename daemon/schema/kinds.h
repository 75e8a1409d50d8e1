/* All kinds by name, in order of rank. */
#ifndef WV_KINDS_H
#define WV_KINDS_H

#include "kind.h"

/* X(name of its file) */
#define WV_KINDS(X)                                                                                \
    X(schema)                                                                                      \
    X(extension)                                                                                   \
    X(language)                                                                                    \
    X(access_method)                                                                               \
    X(collation)                                                                                   \
    X(shell_type)                                                                                  \
    X(enum)                                                                                        \
    X(domain)                                                                                      \
    X(domain_constraint)                                                                           \
    X(composite_type)                                                                              \
    X(composite_attribute)                                                                         \
    X(range_type)                                                                                  \
    X(base_type)                                                                                   \
    X(routine)                                                                                     \
    X(aggregate)                                                                                   \
    X(operator)                                                                                    \
    X(operator_family)                                                                             \
    X(operator_class)                                                                              \
    X(cast)                                                                                        \
    X(transform)                                                                                   \
    X(conversion)                                                                                  \
    X(text_search_parser)                                                                          \
    X(text_search_template)                                                                        \
    X(text_search_dictionary)                                                                      \
    X(text_search_configuration)                                                                   \
    X(foreign_data_wrapper)                                                                        \
    X(server)                                                                                      \
    X(user_mapping)                                                                                \
    X(sequence)                                                                                    \
    X(table)                                                                                       \
    X(foreign_table)                                                                               \
    X(view)                                                                                        \
    X(materialized_view)                                                                           \
    X(column)                                                                                      \
    X(view_column)                                                                                 \
    X(identity_sequence)                                                                           \
    X(default)                                                                                     \
    X(partition)                                                                                   \
    X(inheritance)                                                                                 \
    X(sequence_owner)                                                                              \
    X(constraint)                                                                                  \
    X(table_options)                                                                               \
    X(index)                                                                                       \
    X(statistics)                                                                                  \
    X(rule)                                                                                        \
    X(trigger)                                                                                     \
    X(trigger_state)                                                                               \
    X(partition_index)                                                                             \
    X(policy)                                                                                      \
    X(key_trigger)                                                                                 \
    X(event_trigger)                                                                               \
    X(publication)                                                                                 \
    X(publication_table)                                                                           \
    X(publication_schema)                                                                          \
    X(subscription)                                                                                \
    X(default_privileges)                                                                          \
    X(extension_dependency)                                                                        \
    X(owner)                                                                                       \
    X(acl)                                                                                         \
    X(comment)                                                                                     \
    X(security_label)

#define X(name) extern const struct wv_kind wv_kind_##name;
WV_KINDS(X)
#undef X

#endif
