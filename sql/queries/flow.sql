-- name: flow_list
-- Result: id, label, category, rank, note, codes (JSON array of {code, is_hazardous, label}); in
-- rank order.
SELECT f.id, f.label, f.category, f.rank, f.note,
       (SELECT jsonb_agg(jsonb_build_object('code', c.low_code || CASE WHEN c.is_hazardous THEN '*' ELSE '' END,
                                            'is_hazardous', c.is_hazardous, 'label', c.label)
                         ORDER BY c.low_code)
          FROM flow_code c WHERE c.flow = f.id) AS codes
  FROM flow f
 ORDER BY f.rank;
