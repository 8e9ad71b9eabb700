SELECT DISTINCT member, fact FROM $table WHERE fact IN $facts AND source = 'answer'
